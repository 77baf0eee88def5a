"""New passwords: after a mail, or by who knows the present one."""
