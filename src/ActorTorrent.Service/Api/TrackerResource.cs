namespace ActorTorrent.Service.Api;

/// <summary>A tracker in the API.</summary>
internal sealed record TrackerResource
{
    public required string Url { get; init; }

    public int Tier { get; init; }

    public DateTimeOffset? AnnouncedAt { get; init; }

    public DateTimeOffset? NextAnnounceAt { get; init; }

    public int Peers { get; init; }

    public int? Seeders { get; init; }

    public int? Leechers { get; init; }

    public int? Completed { get; init; }

    public string? Warning { get; init; }

    public string? Error { get; init; }
}
