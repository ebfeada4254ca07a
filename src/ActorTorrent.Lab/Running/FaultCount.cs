namespace ActorTorrent.Lab.Running;

/// <summary>How often peers failed of one cause.</summary>
/// <param name="Cause">The cause, as the journal calls it.</param>
/// <param name="Action">What supervision did.</param>
/// <param name="Count">How often.</param>
public sealed record FaultCount(string Cause, string Action, long Count);
