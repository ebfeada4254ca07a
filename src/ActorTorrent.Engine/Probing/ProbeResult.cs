using System.Net;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Probing;

/// <summary>What the probe of one peer found.</summary>
/// <param name="EndPoint">The peer's address.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="PeerId">The peer's id, when the outcome is Ok.</param>
/// <param name="Client">The program that the id belongs to, when the outcome is Ok.</param>
/// <param name="Elapsed">From the start of the connect to the end.</param>
/// <param name="Detail">What proves the outcome, for people; null when the outcome says it all.</param>
public sealed record ProbeResult(
    IPEndPoint EndPoint, ProbeOutcome Outcome, PeerId? PeerId, string? Client, TimeSpan Elapsed, string? Detail);
