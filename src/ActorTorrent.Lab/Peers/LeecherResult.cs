namespace ActorTorrent.Lab.Peers;

/// <summary>What a stub leecher got.</summary>
/// <param name="Ending">How it ended.</param>
/// <param name="Bytes">Bytes of blocks that it asked for and got.</param>
/// <param name="Blocks">Blocks that it asked for and got.</param>
/// <param name="CorruptBlocks">How many of them are not what the content says.</param>
/// <param name="Elapsed">From the connect to the end.</param>
public sealed record LeecherResult(LeecherEnding Ending, long Bytes, int Blocks, int CorruptBlocks, TimeSpan Elapsed);
