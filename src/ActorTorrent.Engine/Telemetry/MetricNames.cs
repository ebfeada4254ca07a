namespace ActorTorrent.Engine.Telemetry;

/// <summary>The attributes of our metrics and traces. Where OpenTelemetry's conventions have one, it is theirs.</summary>
public static class MetricNames
{
    /// <summary>The meter, and the source of traces.</summary>
    public const string Scope = "ActorTorrent";

    /// <summary>OpenTelemetry's: <c>receive</c> or <c>transmit</c>.</summary>
    public const string Direction = "network.io.direction";

    /// <summary>OpenTelemetry's: <c>ipv4</c> or <c>ipv6</c>.</summary>
    public const string NetworkType = "network.type";

    /// <summary>OpenTelemetry's: what went wrong; absent when nothing did.</summary>
    public const string ErrorType = "error.type";

    /// <summary>OpenTelemetry's: a peer's address.</summary>
    public const string PeerAddress = "network.peer.address";

    /// <summary>OpenTelemetry's: a peer's port.</summary>
    public const string PeerPort = "network.peer.port";

    /// <summary>A torrent's phase, such as <c>downloading</c>.</summary>
    public const string TorrentPhase = "actortorrent.torrent.phase";

    /// <summary>A torrent's info hash; on traces alone.</summary>
    public const string InfoHash = "actortorrent.torrent.info_hash";

    /// <summary>Where a connection is: <c>waiting</c>, <c>connecting</c>, <c>running</c>.</summary>
    public const string PeerState = "actortorrent.peer.state";

    /// <summary>Who named a peer, such as <c>tracker</c>.</summary>
    public const string PeerSource = "actortorrent.peer.source";

    /// <summary>Who dialled: <c>incoming</c> or <c>outgoing</c>.</summary>
    public const string PeerDirection = "actortorrent.peer.direction";

    /// <summary>A peer's program; on traces alone.</summary>
    public const string PeerClient = "actortorrent.peer.client";

    /// <summary>A fault's phase, such as <c>handshake</c>.</summary>
    public const string FaultPhase = "actortorrent.fault.phase";

    /// <summary>A fault's cause, such as <c>reset</c>.</summary>
    public const string FaultCause = "actortorrent.fault.cause";

    /// <summary>What was decided: <c>restart</c>, <c>resume</c>, <c>stop</c>, <c>ban</c>, <c>escalate</c>.</summary>
    public const string FaultAction = "actortorrent.fault.action";

    /// <summary>Whether pieces are <c>verified</c> or <c>missing</c>.</summary>
    public const string PieceState = "actortorrent.piece.state";

    /// <summary>What an actor is for, such as <c>peer</c>.</summary>
    public const string ActorKind = "actortorrent.actor.kind";

    /// <summary>A disk operation: <c>read</c>, <c>write</c>, <c>check</c>, <c>resume</c>, <c>files</c>.</summary>
    public const string DiskOperation = "actortorrent.disk.operation";

    /// <summary>Whether disk operations are <c>queued</c> or <c>running</c>.</summary>
    public const string DiskState = "actortorrent.disk.state";

    /// <summary>A volume.</summary>
    public const string DiskVolume = "actortorrent.disk.volume";
}
