using ActorTorrent.Engine.Faults;
using Akka.Event;

namespace ActorTorrent.Engine.Peers;

/// <summary>How a connection ended.</summary>
/// <param name="Phase">How far it had come.</param>
/// <param name="Cause">Why.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Evidence">The bytes that prove it, at most 64.</param>
public sealed record ConnectionEnd(FaultPhase Phase, FaultCause Cause, string Detail, ReadOnlyMemory<byte> Evidence = default)
    : IDeadLetterSuppression;
