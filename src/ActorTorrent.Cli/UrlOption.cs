using System.CommandLine;

namespace ActorTorrent.Cli;

/// <summary>Makes options that take web addresses and may be repeated, with an error that names option and value.</summary>
internal static class UrlOption
{
    /// <summary>Makes an option.</summary>
    /// <param name="name">Its name, dashes included.</param>
    /// <param name="description">For the help.</param>
    /// <param name="schemes">The schemes allowed.</param>
    public static Option<Uri[]> Create(string name, string description, params string[] schemes) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result =>
        {
            var urls = new List<Uri>();
            foreach (var token in result.Tokens)
            {
                if (Uri.TryCreate(token.Value, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme) && url.Host.Length > 0 && url.Port > 0)
                    urls.Add(url);
                else
                    result.AddError($"{name}: '{token.Value}' is no {string.Join(" or ", schemes)} address{(schemes.Contains("udp") ? ", such as http://host/announce or udp://host:port" : "")}.");
            }
            return [.. urls];
        },
    };
}
