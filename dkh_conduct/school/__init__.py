"""The school the portal serves: its name, letterhead, contacts and calendar."""
