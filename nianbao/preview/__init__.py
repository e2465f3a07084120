"""The live preview: what is shown, when it is made anew, and the pages that show it."""
