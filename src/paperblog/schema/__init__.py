"""What authors may write in front matter and configuration, typed at the door."""
