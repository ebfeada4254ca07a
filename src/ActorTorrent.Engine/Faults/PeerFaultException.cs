namespace ActorTorrent.Engine.Faults;

/// <summary>How a <see cref="PeerFault"/> leaves a peer actor and reaches the coordinator's supervisor strategy.</summary>
/// <param name="fault">The fault.</param>
public sealed class PeerFaultException(PeerFault fault)
    : Exception($"{fault.EndPoint}: {FaultNames.Of(fault.Phase)}/{FaultNames.Of(fault.Cause)}: {fault.Detail}")
{
    /// <summary>The fault.</summary>
    public PeerFault Fault { get; } = fault;
}
