using System.Net;
using ActorTorrent.Engine.Faults;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Coordination;

/// <summary>What the coordinator knows of one of its peer actors.</summary>
internal sealed class PeerRecord(int number, IActorRef actor, IPEndPoint endPoint, PeerDirection direction)
{
    /// <summary>The actor's number in the torrent.</summary>
    public int Number { get; } = number;

    public IActorRef Actor { get; } = actor;

    public IPEndPoint EndPoint { get; } = endPoint;

    public PeerDirection Direction { get; } = direction;

    /// <summary>The connection attempt under way; 0 while there is none.</summary>
    public int Session { get; private set; }

    public PeerState State { get; set; }

    public Handshake? Handshake { get; set; }

    /// <summary>What it told by the extension protocol, once it did.</summary>
    public ExtensionHandshake? Extensions { get; set; }

    /// <summary>What it was told of other peers; null while that is nothing.</summary>
    public PexBook? Pex { get; set; }

    /// <summary>Pieces that it gives us while it chokes us (BEP 6); null for none.</summary>
    public List<PieceIndex>? AllowedFast { get; set; }

    /// <summary>Pieces that it would like us to ask for (BEP 6), the latest last; null for none.</summary>
    public List<PieceIndex>? Suggested { get; set; }

    public bool IsInterested { get; set; }

    public bool AreWeInterested { get; set; }

    public bool AreWeChoking { get; set; } = true;

    public bool IsChokingUs { get; set; } = true;

    public bool IsSeed { get; set; }

    public bool IsSnubbing { get; set; }

    /// <summary>Blocks it asked for and did not get yet; 0 while it has no question open.</summary>
    public int Hungry { get; set; }

    /// <summary>Whether it is on the list of those to be fed later.</summary>
    public bool IsListedAsHungry { get; set; }

    /// <summary>What the download limits allow it; null while nothing is asked of it.</summary>
    public BandwidthLease? Lease { get; set; }

    public TimeSpan RunningSince { get; set; }

    /// <summary>The life of this connection as tracing sees it; null while nobody looks.</summary>
    public PeerTrace? Trace { get; set; }

    public long Downloaded { get; set; }

    public long Uploaded { get; set; }

    public long Wasted { get; set; }

    public double DownloadRate { get; set; }

    public double UploadRate { get; set; }

    /// <summary>Begins a connection attempt; what an earlier one left is forgotten.</summary>
    public void BeginSession(int session, PeerState state)
    {
        Forget();
        Session = session;
        State = state;
    }

    /// <summary>The connection is over.</summary>
    public void EndSession()
    {
        Forget();
        State = PeerState.Waiting;
    }

    private void Forget()
    {
        Lease?.Leave();
        Lease = null;
        Trace?.End();
        Trace = null;
        Session = 0;
        Handshake = null;
        Extensions = null;
        Pex = null;
        AllowedFast = Suggested = null;
        IsInterested = AreWeInterested = IsSeed = IsSnubbing = false;
        AreWeChoking = IsChokingUs = true;
        Hungry = 0;
        Downloaded = Uploaded = Wasted = 0;
        DownloadRate = UploadRate = 0;
    }
}
