namespace ActorTorrent.Lab.Peers;

/// <summary>A fault that strikes once, when a stub peer has served a number of bytes.</summary>
/// <param name="Ending">What happens.</param>
/// <param name="AfterBytes">After how many bytes of blocks, over all its connections; the block under way is cut there.</param>
/// <param name="ReturnsAfter">
/// How long after a Close or Reset its port opens again, as of a program that was restarted; null for never.
/// </param>
public sealed record TransferFault(TransferEnding Ending, long AfterBytes, TimeSpan? ReturnsAfter = null);
