"""Reading codes: what a picture says, and what each of its texts is. The camera is elsewhere."""
