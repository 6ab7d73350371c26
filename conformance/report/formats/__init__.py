"""The files a run leaves for other tools: SARIF, JUnit, HAR, Markdown, a badge."""
