namespace ActorTorrent.Engine.Coordination;

/// <summary>Storage was restarted and lost its unfinished pieces: the coordinator restarts, too, and has the disk checked anew.</summary>
public sealed class StorageCrashException() : Exception("Storage was restarted; its unfinished pieces are lost.");
