namespace ActorTorrent.Lab.Trackers;

/// <summary>What a lab tracker does wrong over UDP on purpose.</summary>
public abstract record UdpTrackerFault
{
    private UdpTrackerFault()
    {
    }

    /// <summary>Says no.</summary>
    /// <param name="Text">The reason.</param>
    public sealed record Error(string Text) : UdpTrackerFault;

    /// <summary>Never answers.</summary>
    public sealed record Silent : UdpTrackerFault;

    /// <summary>Answers under another transaction id.</summary>
    public sealed record WrongTransactionId : UdpTrackerFault;

    /// <summary>Answers with another action.</summary>
    /// <param name="Action">The action's number.</param>
    public sealed record WrongAction(int Action) : UdpTrackerFault;

    /// <summary>Cuts its answers to announces and scrapes short.</summary>
    /// <param name="Length">What is left of them, in bytes.</param>
    public sealed record Truncated(int Length) : UdpTrackerFault;

    /// <summary>Forgets the connection ids it gave: refuses everything that comes with one, until told otherwise.</summary>
    public sealed record ForgetsConnections : UdpTrackerFault;
}
