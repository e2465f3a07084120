"""What lies in a repository: report files, settings, earlier years, git. Checks nothing."""
