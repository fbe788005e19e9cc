"""One round as a step of a workflow, which needs no server: reads the event, looks, tells what came of it."""
