"""Looks after the changes of one repository on a forge."""
