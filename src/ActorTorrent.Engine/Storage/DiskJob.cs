using Akka.Actor;

namespace ActorTorrent.Engine.Storage;

/// <summary>
/// A piece of blocking work for a disk worker. It never throws: what goes wrong is left in <see cref="Fault"/>. Belongs to
/// one thread at a time: its owner's, then a worker's, then its owner's again.
/// </summary>
/// <param name="owner">Who hears of the end.</param>
/// <param name="isRead">Whether someone waits for bytes: such jobs go ahead of others of the same owner, though not for ever.</param>
/// <param name="cancelled">Set when the owner stops: what has not begun then is abandoned.</param>
internal abstract class DiskJob(IActorRef owner, bool isRead, CancellationToken cancelled)
{
    public IActorRef Owner { get; } = owner;

    public bool IsRead { get; } = isRead;

    /// <summary>True once the owner that made the job has stopped or was restarted.</summary>
    public bool IsCancelled => cancelled.IsCancellationRequested;

    /// <summary>Why the job was not done; null when it was.</summary>
    public DiskFault? Fault { get; private set; }

    /// <summary>What the job touches, for the words of an unforeseen failure.</summary>
    protected abstract string Subject { get; }

    /// <summary>Runs the job on a worker's thread.</summary>
    public DiskProtocol.Finished Run()
    {
        if (IsCancelled)
            return Abandon("The torrent was stopped.");
        try
        {
            Work();
            return End();
        }
        catch (Exception failure)
        {
            return Abandon(DiskFaults.From(IsRead ? "read" : "write", Subject, failure));
        }
    }

    /// <summary>Ends the job without running it.</summary>
    public DiskProtocol.Finished Abandon(string reason) =>
        Abandon(new DiskFault(IsRead ? "read" : "write", Subject, reason, IsFatal: false));

    protected abstract void Work();

    /// <summary>Gives back what the job held, done or not.</summary>
    protected virtual void Release()
    {
    }

    private DiskProtocol.Finished Abandon(DiskFault fault)
    {
        Fault = fault;
        return End();
    }

    private DiskProtocol.Finished End()
    {
        Release();
        return new DiskProtocol.Finished(this);
    }
}
