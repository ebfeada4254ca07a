namespace ActorTorrent.Engine.Faults;

/// <summary>The names of phases, causes and actions as users meet them: lower case, words joined by underscores.</summary>
public static class FaultNames
{
    private static readonly string[] Phases = Names<FaultPhase>();
    private static readonly string[] Causes = Names<FaultCause>();
    private static readonly string[] Actions = Names<FaultAction>();

    /// <summary>The name of a phase, such as <c>handshake</c>.</summary>
    public static string Of(FaultPhase phase) => Phases[(int)phase];

    /// <summary>The name of a cause, such as <c>wrong_info_hash</c>.</summary>
    public static string Of(FaultCause cause) => Causes[(int)cause];

    /// <summary>The name of an action, such as <c>restart</c>.</summary>
    public static string Of(FaultAction action) => Actions[(int)action];

    /// <summary>Every cause's name, in the order of <see cref="FaultCause"/>.</summary>
    public static IReadOnlyList<string> AllCauses => Causes;

    private static string[] Names<T>()
        where T : struct, Enum
        => Array.ConvertAll(Enum.GetNames<T>(), SnakeCase);

    /// <summary>A name in Pascal case as users meet it: <c>HashFailure</c> as <c>hash_failure</c>.</summary>
    public static string SnakeCase(string name)
        => string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? "_" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString()));
}
