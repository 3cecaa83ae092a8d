"""Files that nobody vouches for, read in processes of their own, within limits of memory, time and disk."""
