namespace ActorTorrent.Lab.Running;

/// <summary>Orders to a helper with stub peers.</summary>
internal enum PeersOrderKind
{
    /// <summary>Make the plan.</summary>
    Prepare,

    /// <summary>From now on those that dial know whom.</summary>
    Aim,

    /// <summary>Peers come.</summary>
    Arrive,

    /// <summary>Peers leave.</summary>
    Leave,

    /// <summary>Peers are cut off.</summary>
    CutOff,

    /// <summary>They are so no longer.</summary>
    Rejoin,

    /// <summary>Say what everybody saw.</summary>
    Sum,
}
