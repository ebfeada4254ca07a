using System.CommandLine;
using ActorTorrent.Engine.Limits;

namespace ActorTorrent.Cli;

/// <summary>Makes options that take a rate, with an error that names option and value.</summary>
internal static class RateOption
{
    /// <summary>Makes an option that may be left out.</summary>
    /// <param name="name">Its name, dashes included.</param>
    /// <param name="description">For the help.</param>
    public static Option<ByteRate?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "RATE",
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (ByteRate.TryParse(text, out var rate))
                return rate;
            result.AddError($"{name}: '{text}' is not a rate such as 5MiB/s or 500kB/s, or off.");
            return null;
        },
    };
}
