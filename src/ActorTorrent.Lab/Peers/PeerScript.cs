using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Lab.Peers;

/// <summary>How a stub peer behaves. The factories name the common cases; <c>with</c> combines them.</summary>
public sealed record PeerScript
{
    /// <summary>What it is called in tables and reports.</summary>
    public string Name { get; init; } = "healthy";

    /// <summary>The id it shows; null for one of its own seed.</summary>
    public PeerId? PeerId { get; init; }

    /// <summary>What its port does with a connect.</summary>
    public PeerDoor Door { get; init; }

    /// <summary>How it answers a handshake.</summary>
    public HandshakeScript Handshake { get; init; } = HandshakeScript.Proper;

    /// <summary>Whether it dials the other side instead of waiting to be dialled.</summary>
    public bool Dials { get; init; }

    /// <summary>How long after the end of a connection one that dials tries again; null for never.</summary>
    public TimeSpan? ReconnectAfter { get; init; }

    /// <summary>What it wants.</summary>
    public PeerRole Role { get; init; }

    /// <summary>Whether it never lets the other side download.</summary>
    public bool ChokesForever { get; init; }

    /// <summary>Whether it says that it has everything, lets the other side ask, and sends nothing.</summary>
    public bool LiesInBitfield { get; init; }

    /// <summary>Messages without use that it sends a second.</summary>
    public double FloodPerSecond { get; init; }

    /// <summary>Bytes a second of its handshake; null for all at once.</summary>
    public double? HandshakeBytesPerSecond { get; init; }

    /// <summary>The way to the other side; null for the host's own loopback as it is.</summary>
    public LinkShape? Link { get; init; }

    /// <summary>The most block data it sends, over all its connections, in bytes a second; null for as fast as it goes.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>When and how it stops serving; null for never.</summary>
    public TransferFault? Fault { get; init; }

    /// <summary>Which blocks it corrupts; null for none.</summary>
    public BlockCorruption? Corruption { get; init; }

    /// <summary>What decides its random choices.</summary>
    public int Seed { get; init; }

    /// <summary>Serves everything, at a rate when one is given.</summary>
    public static PeerScript Healthy(long? bytesPerSecond = null) => new() { BytesPerSecond = bytesPerSecond };

    /// <summary>Refuses every connect.</summary>
    public static PeerScript Refuses() => new() { Name = "refuses", Door = PeerDoor.Refuses };

    /// <summary>Never completes a connect.</summary>
    public static PeerScript NeverAccepts() => new() { Name = "never accepts", Door = PeerDoor.NeverAccepts };

    /// <summary>Accepts, sends the first bytes of a handshake, none by default, and falls silent.</summary>
    public static PeerScript Silent(int afterBytes = 0) => new()
    {
        Name = "silent",
        Handshake = new HandshakeScript(HandshakeText.Proper, afterBytes, HandshakeEnding.Silence),
    };

    /// <summary>Accepts, sends the first bytes of a handshake and closes.</summary>
    public static PeerScript ClosesHandshake(int afterBytes = 0) => new()
    {
        Name = "closes",
        Handshake = new HandshakeScript(HandshakeText.Proper, afterBytes, HandshakeEnding.Close),
    };

    /// <summary>Accepts, sends the first bytes of a handshake and resets.</summary>
    public static PeerScript ResetsHandshake(int afterBytes = 0) => new()
    {
        Name = "resets",
        Handshake = new HandshakeScript(HandshakeText.Proper, afterBytes, HandshakeEnding.Reset),
    };

    /// <summary>Answers with another protocol's name.</summary>
    public static PeerScript WrongProtocol(int length = Wire.Peers.Handshake.Length) => new()
    {
        Name = "wrong protocol",
        Handshake = new HandshakeScript(HandshakeText.WrongProtocol, length, HandshakeEnding.Close),
    };

    /// <summary>Answers with another torrent's info hash.</summary>
    public static PeerScript WrongInfoHash(int length = Wire.Peers.Handshake.Length) => new()
    {
        Name = "wrong info hash",
        Handshake = new HandshakeScript(HandshakeText.WrongInfoHash, length, HandshakeEnding.Close),
    };

    /// <summary>Serves a number of bytes, then keeps the connection and sends nothing more.</summary>
    public static PeerScript Stalls(long afterBytes, long? bytesPerSecond = null) => new()
    {
        Name = "stalls",
        BytesPerSecond = bytesPerSecond,
        Fault = new TransferFault(TransferEnding.Stall, afterBytes),
    };

    /// <summary>Serves a number of bytes, then dies in the middle of a block.</summary>
    /// <param name="afterBytes">How many bytes.</param>
    /// <param name="ending">By FIN or RST.</param>
    /// <param name="bytesPerSecond">Its rate until then.</param>
    /// <param name="returnsAfter">When it comes back; null for never.</param>
    public static PeerScript Dies(
        long afterBytes, TransferEnding ending = TransferEnding.Reset, long? bytesPerSecond = null, TimeSpan? returnsAfter = null) => new()
        {
            Name = "dies",
            BytesPerSecond = bytesPerSecond,
            Fault = new TransferFault(ending, afterBytes, returnsAfter),
        };

    /// <summary>Serves everything, some of it with a flipped bit.</summary>
    public static PeerScript Corrupts(BlockCorruption corruption, long? bytesPerSecond = null) => new()
    {
        Name = "corrupts",
        BytesPerSecond = bytesPerSecond,
        Corruption = corruption,
    };
}
