namespace ActorTorrent.Engine.Telemetry;

/// <summary>A swarm as a tracker counts it.</summary>
/// <param name="Seeders">Peers that have everything.</param>
/// <param name="Leechers">Peers that have not.</param>
/// <param name="Completed">How often it was completed (BEP 48); null when no tracker said so.</param>
public sealed record SwarmNumbers(int Seeders, int Leechers, int? Completed)
{
    /// <summary>The greatest of each number: trackers see overlapping parts of a swarm. Null when there are none.</summary>
    /// <param name="numbers">What each tracker says.</param>
    internal static SwarmNumbers? Most(IReadOnlyCollection<SwarmNumbers> numbers) => numbers.Count == 0
        ? null
        : new SwarmNumbers(numbers.Max(one => one.Seeders), numbers.Max(one => one.Leechers), numbers.Max(one => one.Completed));
}
