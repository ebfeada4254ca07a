using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Peers;

/// <summary>How a stub peer answers a handshake.</summary>
/// <param name="Text">Which bytes.</param>
/// <param name="Length">How many of them, 0 to 68.</param>
/// <param name="Ending">What follows. Going on makes sense after 68 proper bytes only.</param>
public sealed record HandshakeScript(
    HandshakeText Text = HandshakeText.Proper,
    int Length = Handshake.Length,
    HandshakeEnding Ending = HandshakeEnding.GoesOn)
{
    /// <summary>All 68 bytes, then messages.</summary>
    public static HandshakeScript Proper { get; } = new();
}
