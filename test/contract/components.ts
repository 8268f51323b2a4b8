export { Anything, Customer, Ticket } from "../../src/testing/components.ts";
