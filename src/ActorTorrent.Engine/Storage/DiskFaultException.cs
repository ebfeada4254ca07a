namespace ActorTorrent.Engine.Storage;

/// <summary>Carries a <see cref="DiskFault"/> from where it happened up to the job that turns it into a message.</summary>
internal sealed class DiskFaultException(DiskFault fault, Exception? cause = null)
    : IOException($"{fault.Operation} {fault.Path}: {fault.Reason}", cause)
{
    public DiskFault Fault { get; } = fault;
}
