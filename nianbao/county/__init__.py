"""Many units together: who is due, what their sum is, whose texts are alike."""
