"""The functions that are built in: one file each, all of the shape `bot.render.function.Run`."""
