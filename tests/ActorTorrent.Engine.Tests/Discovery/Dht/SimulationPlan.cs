namespace ActorTorrent.Engine.Tests.Discovery.Dht;

/// <summary>What a simulation is made of; times are virtual.</summary>
internal sealed record SimulationPlan
{
    public required int Seed { get; init; }

    public int Nodes { get; init; } = 1000;

    /// <summary>The share of nodes that die once all know them.</summary>
    public double Dead { get; init; } = 0.15;

    /// <summary>The share of nodes that lie.</summary>
    public double Lying { get; init; } = 0.15;

    public int Torrents { get; init; } = 100;

    public int Lookups { get; init; } = 500;

    /// <summary>How long it takes until all have joined.</summary>
    public TimeSpan Joining { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long torrents are announced for, and then how long they are looked up.</summary>
    public TimeSpan Phase { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often an honest node leaves for good and a new one comes.</summary>
    public TimeSpan Churn { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The share of datagrams that are lost.</summary>
    public double Loss { get; init; } = 0.02;
}
