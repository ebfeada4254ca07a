namespace ActorTorrent.Service.Session;

/// <summary>Where torrents go in the line.</summary>
public enum QueueMove
{
    /// <summary>To its head.</summary>
    Top,

    /// <summary>One place towards the head.</summary>
    Up,

    /// <summary>One place towards the end.</summary>
    Down,

    /// <summary>To its end.</summary>
    Bottom,
}
