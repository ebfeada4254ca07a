namespace ActorTorrent.Service.Api;

/// <summary>A fault of a peer in the API.</summary>
internal sealed record FaultResource
{
    /// <summary>Counted from 1 since the start.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Torrent { get; init; }

    public required string Address { get; init; }

    public required string Direction { get; init; }

    public string? Client { get; init; }

    public required string Source { get; init; }

    public required string Phase { get; init; }

    public required string Cause { get; init; }

    public required string Detail { get; init; }

    /// <summary>The bytes that prove it, in hex; null when there are none.</summary>
    public string? Evidence { get; init; }

    public required string Action { get; init; }

    public required string Reason { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Seconds before the next dial; 0 unless the action is <c>restart</c>.</summary>
    public required double Delay { get; init; }

    public required int BlocksReturned { get; init; }
}
