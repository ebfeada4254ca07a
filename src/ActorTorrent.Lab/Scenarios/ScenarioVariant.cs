namespace ActorTorrent.Lab.Scenarios;

/// <summary>One of the ways that the engine is set up in an experiment; the swarm and the faults are the same for all.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Settings">HOCON laid over the scenario's.</param>
public sealed record ScenarioVariant(string Name, IReadOnlyList<string> Settings);
