"""The dialect: CommonMark and one syntax a file, each a markdown-it plugin."""
