"""Appeals that a volunteer takes at somebody's door, and the slips by which they are claimed."""
