namespace ActorTorrent.Lab.Scenarios;

/// <summary>Distributions of times.</summary>
public enum TimeDistributionKind
{
    /// <summary>Always the mean.</summary>
    Constant,

    /// <summary>Exponential.</summary>
    Exponential,

    /// <summary>Weibull, by scale and shape; below a shape of 1 most are short and a few very long, as measured of real peers.</summary>
    Weibull,

    /// <summary>The values of a file, a number of seconds a line, drawn at random.</summary>
    Trace,
}
