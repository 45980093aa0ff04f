"""Text in, structure out: words, numbers, dates, polarity, by data files one a language."""
