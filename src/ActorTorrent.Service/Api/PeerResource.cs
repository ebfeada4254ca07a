namespace ActorTorrent.Service.Api;

/// <summary>A peer in the API.</summary>
internal sealed record PeerResource
{
    public required string Address { get; init; }

    public string? Client { get; init; }

    /// <summary><c>incoming</c> or <c>outgoing</c>.</summary>
    public required string Direction { get; init; }

    /// <summary><c>waiting</c>, <c>connecting</c>, <c>handshaking</c> or <c>running</c>.</summary>
    public required string State { get; init; }

    /// <summary>Who named it, the best first.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>
    /// Letters as other clients have them: D we download (d: we would, it chokes us), U we upload (u: it would, we choke it), O unchoked by
    /// turn, S snubs us, I it dialled us, H from the DHT, X from other peers, L from the local network.
    /// </summary>
    public required string Flags { get; init; }

    /// <summary>0 to 1.</summary>
    public double Progress { get; init; }

    public bool IsSeed { get; init; }

    public bool IsUploadOnly { get; init; }

    public bool AreWeChoking { get; init; }

    public bool IsChokingUs { get; init; }

    public bool AreWeInterested { get; init; }

    public bool IsInterested { get; init; }

    public double DownloadRate { get; init; }

    public double UploadRate { get; init; }

    public long Downloaded { get; init; }

    public long Uploaded { get; init; }

    public int BlocksOutstanding { get; init; }

    /// <summary>Seconds; null while it is not connected.</summary>
    public double? ConnectedFor { get; init; }

    public int Failures { get; init; }

    public string? LastFault { get; init; }
}
