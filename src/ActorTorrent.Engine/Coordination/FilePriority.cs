namespace ActorTorrent.Engine.Coordination;

/// <summary>How much a file is wanted.</summary>
public enum FilePriority
{
    /// <summary>Not at all; pieces that it shares with other files come with those.</summary>
    Skip,

    /// <summary>After everything else.</summary>
    Low,

    /// <summary>As a rule.</summary>
    Normal,

    /// <summary>Before everything else.</summary>
    High,
}
