namespace ActorTorrent.Engine.Faults;

/// <summary>What supervision does about a fault.</summary>
public enum FaultAction
{
    /// <summary>The peer goes on; its blocks were returned.</summary>
    Resume,

    /// <summary>The peer actor restarts and dials again after a delay.</summary>
    Restart,

    /// <summary>The peer actor ends; the address is dialled again only when somebody names it anew after <c>faults.max-retry-delay</c>.</summary>
    Stop,

    /// <summary>The peer actor ends and its address is refused from now on.</summary>
    Ban,

    /// <summary>Nobody here understands the failure: the coordinator fails with it.</summary>
    Escalate,
}
