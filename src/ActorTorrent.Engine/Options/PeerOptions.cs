namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.peer</c> section of the HOCON files sets.</summary>
public sealed record PeerOptions
{
    /// <summary>Connections of all torrents together.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Bytes that may wait for a peer which does not read, blocks apart; with more the connection ends.</summary>
    public int MaxUnsentBytes { get; init; } = 4 << 20;

    /// <summary>Longest wait for a TCP connection.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Absolute deadline for the peer's 68 bytes, counted from the connection.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which a connection is closed.</summary>
    public TimeSpan InactivityTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Silence of ours after which a keep-alive is sent.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>Longest wait for a block while others are owed before the peer counts as snubbing us.</summary>
    public TimeSpan SnubTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest wait for the peer to take what we send, or a block of it if it is more.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a peer looks at its own deadlines.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest message accepted, in bytes, before anything of it is buffered.</summary>
    public int MaxMessageBytes { get; init; } = 1 << 20;

    /// <summary>Bytes received at once.</summary>
    public int ReceiveBufferBytes { get; init; } = 128 << 10;

    /// <summary>What a round of receiving should bring; a connection that brings as many in half of <see cref="ReceiveGatherWait"/> takes part. 0 for never.</summary>
    public int ReceiveGatherBytes { get; init; } = 512 << 10;

    /// <summary>A connection that has brought nothing for so long takes part no more. Half of it is the longest time between two rounds.</summary>
    public TimeSpan ReceiveGatherWait { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Received batches that may wait for the peer actor before its socket is read no further.</summary>
    public int BatchesInFlight { get; init; } = 4;

    /// <summary>Fewest blocks kept requested of a peer that sends.</summary>
    public int MinPipeline { get; init; } = 8;

    /// <summary>Most blocks kept requested of a peer.</summary>
    public int MaxPipeline { get; init; } = 500;

    /// <summary>How much of a peer's rate is kept requested.</summary>
    public TimeSpan PipelineDepth { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Requests of a peer that may wait for us; more are rejected.</summary>
    public int MaxQueuedRequests { get; init; } = 2_000;

    /// <summary>Bytes of blocks on their way from disk to one peer's socket.</summary>
    public int UploadWindowBytes { get; init; } = 512 << 10;

    /// <summary>What the window is before a peer has taken anything, if that is less: it grows by what it takes, so that one that does not read costs no more than this.</summary>
    public int FirstUploadWindowBytes { get; init; } = 64 << 10;

    /// <summary>Requests for bytes that lie side by side are read and sent together, up to this many bytes. With the heads of the messages just below a power of two: so large is the memory that is taken.</summary>
    public int UploadReadBytes { get; init; } = 240 << 10;

    /// <summary>Messages without use (keep-alives, unknown ones, flapping, wrong requests) that are forgiven a minute.</summary>
    public int UselessMessagesPerMinute { get; init; } = 120;
}
