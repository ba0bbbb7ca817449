"""paperblog turns a folder of Markdown notes on papers into a static site with typeset math."""

__version__ = "0.1.0"
