"""What people allowed apps: a grant is remembered by account and client, and goes when an app is signed out."""
