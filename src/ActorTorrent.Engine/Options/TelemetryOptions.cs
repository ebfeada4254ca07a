namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.telemetry</c> section of the HOCON files sets.</summary>
public sealed record TelemetryOptions
{
    /// <summary>While somebody watches the actors: the time between two counts.</summary>
    public TimeSpan CensusInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a count waits for an actor; one that has not answered by then is shown as waiting.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>While somebody reads the metrics: how often actors are counted and the DHT is asked for them.</summary>
    public TimeSpan MetricsInterval { get; init; } = TimeSpan.FromSeconds(10);
}
