/**
 * What runs would be on the wire: whatever the call that schedules them refuses of what was said is refused here too, and nothing is
 * sent. `reword` gives a refusal the words of the command.
 */
export async function planned(client, runs, reword) {
  const { planned = [] } = await reworded(client.bulkCreate(runs, { dryRun: true }), reword);
  return planned;
}

/** What a call comes to, a refusal of what was said in the words of the command. */
export async function reworded(call, reword) {
  try {
    return await call;
  } catch (error) {
    if (error.code === "validation") error.message = reword(error.message);
    throw error;
  }
}

/** A refusal of the one run, as `create` itself words it. */
export const ofCreate = (message) => message.replace(/^bulkCreate: runs\[0\]/, "create: run");
