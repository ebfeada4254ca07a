namespace ActorTorrent.Engine.Faults;

/// <summary>What is remembered of an address when its next fault is judged.</summary>
/// <param name="Failures">Failures in a row, this one not counted.</param>
/// <param name="Violations">Protocol violations so far, this one not counted.</param>
public readonly record struct PeerFaultHistory(int Failures, int Violations);
