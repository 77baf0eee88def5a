"""What gateways and services must know to judge a request: keys, ended sessions, whether writes are off."""
