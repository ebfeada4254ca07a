using ActorTorrent.Engine.Telemetry;

namespace ActorTorrent.Service.Api;

/// <summary>Answers that are made once for all who ask at about the same time.</summary>
/// <param name="time">The clock.</param>
internal sealed class SharedTexts(TimeProvider time)
{
    /// <summary>The session, in UTF-8.</summary>
    public Shared<byte[]> Session { get; } = new(time);

    /// <summary>The count of the actors: it asks every actor there is.</summary>
    public Shared<ActorCensus> Census { get; } = new(time);

    /// <summary>The same in UTF-8.</summary>
    public Shared<byte[]> Actors { get; } = new(time);

    /// <summary>All metrics, in UTF-8.</summary>
    public Shared<byte[]> Metrics { get; } = new(time);
}
