# What chat platforms show beside cards and answers.

confirm-approve = Approve { $change }, which changes { $component }?
confirm-resolve = This is recorded as what became of the run. Did you look at the real thing?
resolution-applied = All of it is there
resolution-partial = Some of it is there
resolution-not-started = Nothing of it is there
