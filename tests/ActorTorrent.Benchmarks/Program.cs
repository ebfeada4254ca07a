using ActorTorrent.Benchmarks.Picking;
using ActorTorrent.Benchmarks.Runtime;

return args switch
{
    ["runtime", .. var rest] => await RuntimeCommand.RunAsync(rest),
    ["picker"] => PickerCommand.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(RuntimeCommand.Usage);
    Console.Error.WriteLine(PickerCommand.Usage);
    return 2;
}
