"""Mail: stored with what happened, sent over SMTP by jobs, retried, given up visibly."""
