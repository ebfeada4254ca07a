using ActorTorrent.Engine.Connecting;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Storage;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>What all peers of a torrent share; nothing in it changes.</summary>
/// <param name="InfoHash">The torrent.</param>
/// <param name="OwnId">Our peer id.</param>
/// <param name="Layout">Pieces and blocks.</param>
/// <param name="Options">Limits and deadlines.</param>
/// <param name="Storage">Where blocks go to and come from.</param>
/// <param name="Slabs">Receive memory.</param>
/// <param name="ListenPort">The port that others reach us on; 0 when there is none.</param>
/// <param name="Time">The clock.</param>
internal sealed record PeerEnvironment(
    InfoHash InfoHash,
    PeerId OwnId,
    FileLayout Layout,
    PeerOptions Options,
    IActorRef Storage,
    SlabPool Slabs,
    int ListenPort,
    TimeProvider Time)
{
    private const int KeptOutboxes = 32;
    private const int KeptRuns = 64;

    /// <summary>Who shares out the bandwidth; nobody for no limits.</summary>
    public IActorRef Bandwidth { get; init; } = ActorRefs.Nobody;

    /// <summary>What all connections together may have waiting to be sent.</summary>
    public ByteBudget SendBudget { get; init; } = new(long.MaxValue);

    /// <summary>Fast connections receive in them.</summary>
    public ReceiveRounds Rounds { get; init; } = new(Options);

    /// <summary>How peers are dialled.</summary>
    public OutgoingConnector Connector { get; init; } = new();

    /// <summary>Our DHT node, which peers' nodes are told to; nobody when there is none, or when the torrent is private (BEP 27).</summary>
    public IActorRef Dht { get; init; } = ActorRefs.Nobody;

    /// <summary>The UDP port of our DHT node; 0 when there is none, or when the torrent is private.</summary>
    public int DhtPort { get; init; }

    /// <summary>Whether the number of pieces is known: not so while a magnet link's metadata is being fetched. <see cref="Layout"/> means nothing then.</summary>
    public bool KnowsPieces { get; init; } = true;

    /// <summary>Whether peers come from the trackers alone (BEP 27): no PEX, and the metadata is for members.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The raw info dictionary; null while it is not known.</summary>
    public ReadOnlyMemory<byte>? Metadata { get; init; }

    /// <summary>Limits and deadlines of the exchange of metadata.</summary>
    public MetadataOptions MetadataOptions { get; init; } = new();

    /// <summary>Limits and pace of PEX.</summary>
    public PexOptions Pex { get; init; } = new();

    /// <summary>Whether peers are told of peers, and listened to about them.</summary>
    public bool DoesPex => Pex.IsEnabled && !IsPrivate;

    /// <summary>What carries received blocks to storage and coordinator.</summary>
    public BlockBatchPool Batches { get; } = new();

    /// <summary>What carries requests from the coordinator to the connections.</summary>
    public RequestBatchPool Requests { get; } = new();

    /// <summary>What carries requests of peers from the queue to the connections.</summary>
    public Pool<UploadRun> UploadRuns { get; } = NewUploadRuns();

    /// <summary>What is being sent to peers is in one of these; who sends nothing has none.</summary>
    public Pool<Outbox> Outboxes { get; } = new(static () => new Outbox(), KeptOutboxes);

    /// <summary>What we announce in the handshake's reserved bytes.</summary>
    public PeerCapabilities Capabilities =>
        PeerCapabilities.Fast | PeerCapabilities.Extended | (DhtPort > 0 ? PeerCapabilities.Dht : PeerCapabilities.None);

    /// <summary>What a peer's messages are held against.</summary>
    public PeerMessageLimits Limits => field ??= new(KnowsPieces ? Layout.PieceCount : -1, Options.MaxMessageBytes);

    /// <summary>What we open a connection with.</summary>
    public Handshake OwnHandshake => new(InfoHash, OwnId, Capabilities);

    private static Pool<UploadRun> NewUploadRuns()
    {
        Pool<UploadRun> pool = null!;
        return pool = new Pool<UploadRun>(() => new UploadRun(pool), KeptRuns);
    }
}
