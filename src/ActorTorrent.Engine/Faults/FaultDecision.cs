namespace ActorTorrent.Engine.Faults;

/// <summary>What <see cref="PeerFaultPolicy"/> decided.</summary>
/// <param name="Action">The action.</param>
/// <param name="Delay">How long to wait before the next dial; zero unless the action is <see cref="FaultAction.Restart"/>.</param>
/// <param name="Reason">Why, in words for the journal.</param>
public sealed record FaultDecision(FaultAction Action, TimeSpan Delay, string Reason);
