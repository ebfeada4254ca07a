namespace ActorTorrent.Lab.Reports;

/// <summary>A fault that was injected.</summary>
/// <param name="Seconds">When, from the start.</param>
/// <param name="Name">What.</param>
public sealed record FaultMark(double Seconds, string Name);
